// Times: local ones instead of UTC.

const format = new Intl.DateTimeFormat("sv-SE", {
  year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});

export function showLocalTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (!Number.isNaN(date.getTime())) {
      time.title = `${time.dateTime} (UTC)`;
      time.textContent = format.format(date);
    }
  }
  const zone = document.getElementById("zone");
  zone.textContent = `in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
}

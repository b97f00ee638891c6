//! Server-sent events and JSON lines: how a body is cut into chunks does not matter, and what is
//! encoded again is decoded to the same.

use specwright_model::stream::{Decoder, Framing, RawEvent, Splitter, write_event};

/// Checks a stream. The first byte is the maximum size of an event, and the second one how the rest
/// is cut into chunks.
pub fn streams(data: &[u8]) {
    let [max_size, seed, body @ ..] = data else { return };
    let max_size = usize::from(*max_size) + 1;
    events(body, *seed, max_size);
    for framing in [Framing::Lines, Framing::Sequence] {
        values(body, *seed, max_size, framing);
    }
}

/// Cuts a body into chunks of one to eight bytes.
fn chunks(mut body: &[u8], seed: u8) -> Vec<&[u8]> {
    let (mut random, mut chunks) = (u32::from(seed), Vec::new());
    while !body.is_empty() {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let size = (random >> 29) as usize + 1;
        let (chunk, rest) = body.split_at_checked(size).unwrap_or((body, &[]));
        chunks.push(chunk);
        body = rest;
    }
    chunks
}

fn events(body: &[u8], seed: u8, max_size: usize) {
    let decode = |chunks: &[&[u8]]| {
        let mut decoder = Decoder::new(max_size);
        let result = chunks.iter().try_for_each(|chunk| decoder.feed(chunk));
        if result.is_ok() {
            decoder.finish();
        }
        (result, decoder.events, decoder.retry, decoder.last_id)
    };
    let whole = decode(&[body]);
    assert_eq!(whole, decode(&chunks(body, seed)), "the chunks matter");
    if whole.0.is_ok() {
        assert_eq!(whole.1, specified(body), "the events are those of the standard");
    }
    for event in whole.1 {
        let RawEvent { id, event: name, data } = event.clone();
        let encoded = write_event(id.as_deref().map(str::to_owned), name, &data);
        let mut decoder = Decoder::new(usize::MAX);
        decoder.feed(&encoded).expect("there is no limit");
        assert_eq!(decoder.events, [event], "{encoded:?}");
    }
}

/// Decodes events as the HTML standard describes it, but with an event at the end of the stream.
fn specified(body: &[u8]) -> Vec<RawEvent> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let string = String::from_utf8_lossy(body).replace("\r\n", "\n").replace('\r', "\n");
    let (mut events, mut current, mut has_data) = (Vec::new(), RawEvent::default(), false);
    for line in string.split('\n').chain([""]) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" if line.is_empty() => {
                current.data.pop();
                let id = current.id.clone();
                let event = std::mem::replace(&mut current, RawEvent { id, ..RawEvent::default() });
                events.extend(std::mem::take(&mut has_data).then_some(event));
            }
            "data" => {
                current.data += &format!("{value}\n");
                has_data = true;
            }
            "event" => current.event = Some(value.to_owned()).filter(|name| !name.is_empty()),
            "id" if !value.contains('\0') => {
                current.id = Some(value.into()).filter(|_| !value.is_empty());
            }
            _ => {}
        }
    }
    events
}

fn values(body: &[u8], seed: u8, max_size: usize, framing: Framing) {
    let decode = |chunks: &[&[u8]]| {
        let mut splitter = Splitter::new(framing, max_size);
        let is_short = chunks.iter().all(|chunk| splitter.feed(chunk));
        if is_short {
            splitter.end();
        }
        (is_short, splitter.whole)
    };
    let whole = decode(&[body]);
    assert_eq!(whole, decode(&chunks(body, seed)), "the chunks matter");
    for value in whole.1 {
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(&value) else { continue };
        let encoded = framing.write(&value).expect("JSON can be encoded");
        let (_, again) = decode(&[&encoded, &encoded]);
        for again in &again {
            let again = serde_json::from_slice(again);
            assert_eq!(again.ok(), Some(&value).cloned(), "{encoded:?}");
        }
    }
}

//! Calls of `parcels.yaml`.

use parcels::Client;
use parcels::models::{Parcel, State};

use crate::{Failure, checked, once};

const ID: &str = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";

pub(super) async fn run(url: &str) -> Result<(), Failure> {
    let client = Client::builder().base_url(url).retry(once()).build()?;
    let list = client.list_parcels(20, "trace é");
    let list = list.state(vec![State::Packed, State::Moving]).labels(["a b", "c,d", "&=?"]);
    let after: specwright_runtime::Timestamp = "2024-08-22T11:36:29.125Z".parse()?;
    checked("parcels.list", list.created_after(after.clone()).fragile(true).send().await);
    checked("parcels.list-least", client.list_parcels(1, "four").send().await);
    let parcel = Parcel::builder().id(ID).state(State::Delivered).grams(1).sizes(vec![3, 4, 5]);
    let parcel = parcel.due("2024-02-29".parse()?).sent(after).build()?;
    checked("parcels.send", client.send_parcel(parcel).send().await);
    checked("parcels.get", client.get_parcel(ID).send().await);
    checked("parcels.drop", client.drop_parcel(ID).send().await);
    checked("parcels.legs", client.get_legs("a/b é", -7).send().await);
    Ok(())
}

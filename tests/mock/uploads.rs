//! Calls of `uploads.yaml`.

use uploads::Client;
use uploads::models::{AddPhotoBody, SearchBody, SearchBodyKindsItem};

use crate::{Failure, checked, once};

pub(super) async fn run(url: &str) -> Result<(), Failure> {
    let client = Client::builder().base_url(url).retry(once()).build()?;
    checked("uploads.note", client.add_note("a note\nwith é").send().await);
    checked("uploads.file", client.put_file("a b/c", vec![0, 159, 146, 150]).send().await);
    let body = SearchBody::builder().words("a&b=c d+é").limit(3);
    let body = body.kinds(vec![SearchBodyKindsItem::Note, SearchBodyKindsItem::File]).build()?;
    checked("uploads.search", client.search(body).send().await);
    let body = AddPhotoBody::builder().title("a \"title\"").year(1999).build()?;
    checked("uploads.photo", client.add_photo(body).send().await);
    Ok(())
}

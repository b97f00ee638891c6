//! Calls of `library.yaml`.

use library::Client;
use library::models::{Book, Film, FilmLanguagesItem as Language, MoveItemsBody};

use crate::{Failure, checked, once};

pub(super) async fn run(url: &str) -> Result<(), Failure> {
    let client = Client::builder().base_url(url).retry(once()).build()?;
    let book = Book::builder().title("Ünder the \"sea\"").pages(312).build()?;
    checked("library.add-book", client.add_item(book).send().await);
    let film = Film::builder().title("A train").minutes(0.75).languages(vec![Language::En, Language::Fr]).build()?;
    checked("library.add-film", client.add_item(film).send().await);
    checked("library.list", client.list_items().send().await);
    let body = MoveItemsBody::builder().to("BC-7").limit(3).build()?;
    checked("library.move", client.move_items("AB-12", body).send().await);
    Ok(())
}

//! Deprecation warnings of the compiler. `expect` is an error without a warning.

use generated_fixtures::deprecated_operations::{Client, blocking};
use generated_fixtures::names_former;
use specwright_runtime::Response;

#[expect(clippy::unwrap_used, reason = "an unexpected error fails the test")]
fn client() -> Client {
    Client::builder().base_url("http://localhost").build().unwrap()
}

#[test]
#[expect(deprecated, reason = "the warning is what is tested")]
fn deprecated_operations_cause_a_warning() {
    let _ = client().get_old();
}

/// In a function of its own, because one warning is enough for `expect`.
#[test]
#[expect(deprecated, reason = "the warning is what is tested")]
fn deprecated_blocking_calls_cause_a_warning() {
    let _ = blocking::Client::new(client()).unwrap().put_old();
}

#[test]
#[deny(deprecated)]
fn other_operations_cause_no_warning() {
    let _ = client().put_new();
}

/// A test double that was written before `putPet` had its name.
struct Former;

#[expect(deprecated, reason = "the former names are what is tested")]
impl names_former::Operations for Former {
    async fn store_pet(
        &self,
        request: names_former::operations::StorePet,
    ) -> Result<Response<names_former::models::StorePetResponse>, names_former::Error> {
        let id = request.body.name;
        Ok(Response::new(names_former::models::PutPetResponse::builder().id(id).build()?))
    }
}

#[tokio::test]
#[expect(deprecated, reason = "the former names are what is tested")]
async fn former_names_of_members_work_and_cause_a_warning() {
    use names_former::models::{Kind, Level, Pet};

    let client = names_former::Client::from_test_double(Former);
    let pet = Pet::builder().title("Tom").r#type(Kind::Feline).level(Level::First).build().unwrap();
    assert!(matches!(pet.kind, Some(Kind::Feline)));
    assert_eq!((pet.kind.as_ref(), pet.level), (Some(&Kind::Cat), Some(Level::N1)));
    // The method of the test double has a former name, whichever one the caller uses.
    for request in
        [client.store_pet(pet.clone()), client.save_pet(pet.clone()), client.put_pet(pet)]
    {
        assert_eq!(request.send().await.unwrap().into_body().id.as_deref(), Some("Tom"));
    }
    let error = client.watch_beasts().send().await.unwrap_err();
    assert!(error.to_string().contains("watch_pets"), "{error}");
}

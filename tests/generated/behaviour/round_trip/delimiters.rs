//! Lists whose values contain delimiters, and the order of the properties of parameters.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::parameters_delimiters::models::Lists;
use generated_fixtures::parameters_delimiters::operations::SendListsHeaders;
use generated_fixtures::parameters_order::models::{At, SendOrderedBody, Sort};
use generated_fixtures::servers::{parameters_delimiters as delimiters, parameters_order as order};
use generated_fixtures::{parameters_delimiters, parameters_order};
use specwright_runtime::{Error, reqwest};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::recording::Server;
use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Records what it receives.
#[derive(Default)]
struct Recorder {
    lists: Mutex<Option<delimiters::operations::SendLists>>,
    parts: Mutex<Option<Lists>>,
    ordered: Mutex<Option<order::operations::SendOrdered>>,
}

fn set<T>(slot: &Mutex<Option<T>>, value: T) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl delimiters::Api for Recorder {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn send_lists(
        &self,
        request: delimiters::operations::SendLists,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        let sent = request.x_list.clone();
        set(&self.lists, request);
        let headers = delimiters::operations::SendListsHeaders { x_sent: sent };
        Ok(Response::new(()).with_headers(headers))
    }

    async fn send_parts(
        &self,
        request: delimiters::operations::SendParts,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        set(&self.parts, request.body);
        Ok(().into())
    }
}

impl order::Api for Recorder {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn send_ordered(
        &self,
        request: order::operations::SendOrdered,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        set(&self.ordered, request);
        Ok(().into())
    }
}

const COMMAS: [&str; 3] = ["a,b", "c d+e%2C", "f|g"];
const SPACES: [&str; 3] = ["a b", "c,d+e%20", "f|g"];
const PIPES: [&str; 3] = ["a|b", "c,d+e%7C", "f g"];

fn object() -> BTreeMap<String, String> {
    [("k,1".to_owned(), "v,1 w+".to_owned()), ("l".to_owned(), "50%25".to_owned())].into()
}

fn lists() -> Result<Lists, Box<dyn std::error::Error>> {
    let lists = Lists::builder().commas(COMMAS).spaces(SPACES).pipes(PIPES);
    Ok(lists.object(object()).plain(["a,b", "c"]).build()?)
}

async fn send_lists(url: &str) -> Result<SendListsHeaders, Box<dyn std::error::Error>> {
    let client = parameters_delimiters::Client::builder().base_url(url).build()?;
    let request = client.send_lists().commas(COMMAS).spaces(SPACES).pipes(PIPES);
    let request = request.object(object()).x_list(["a b", "c"]).x_object([("k", "v=w")]);
    let response = request.list(COMMAS).body(lists()?).send().await?;
    Ok(SendListsHeaders::from(response.headers()))
}

#[tokio::test]
async fn delimiters_inside_of_values_are_not_those_between_values() -> Outcome {
    let server = Server::start([]).await?;
    send_lists(&server.url).await?;
    let lists_of = |space: &str, object: &str| {
        format!(
            "commas=a%2Cb,c{space}d%2Be%252C,f%7Cg&spaces=a%20b+c%2Cd%2Be%2520+f%7Cg\
            &pipes=a%7Cb|c%2Cd%2Be%257C|f{space}g&{object}"
        )
    };
    let query = lists_of("%20", "object=k%2C1,v%2C1%20w%2B,l,50%2525");
    let form = lists_of("+", "object=k%2C1,v%2C1+w%2B,l,50%2525&plain=a%2Cb&plain=c");
    assert_eq!(server.seen(), [format!("POST /lists?{query} {form}")]);
    assert_eq!(server.headers("cookie"), ["cookie: list=a%2Cb,c%20d+e%252C,f|g"]);

    let recorder = Arc::new(Recorder::default());
    let router = delimiters::router(recorder.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let headers = send_lists(&served.url).await?;
    assert_eq!(headers.x_sent, Some(vec!["a b".to_owned(), "c".to_owned()]));
    let received = take(&recorder.lists).ok_or("nothing was received")?;
    let of = |list: [&str; 3]| Some(list.map(str::to_owned).to_vec());
    assert_eq!((received.commas, received.spaces), (of(COMMAS), of(SPACES)));
    assert_eq!((received.pipes, received.list), (of(PIPES), of(COMMAS)));
    assert_eq!(received.object, Some(object()));
    assert_eq!(received.x_object, Some([("k".to_owned(), "v=w".to_owned())].into()));
    assert_eq!(received.body, Some(lists()?));
    Ok(())
}

/// Other clients encode the delimiters, as libraries for forms do.
#[tokio::test]
async fn encoded_delimiters_are_decoded() -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let router = delimiters::router(recorder.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let http = reqwest::Client::new();
    let form = "application/x-www-form-urlencoded";
    let request = http.post(format!("{}/lists", served.url)).header("content-type", form);
    let response = request.body("commas=a%2Cb&spaces=a%20b&pipes=a%7Cb").send().await?;
    assert_eq!(response.status(), 204);
    let body = take(&recorder.lists).and_then(|lists| lists.body).ok_or("nothing was received")?;
    let list = Some(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!((&body.commas, &body.spaces, &body.pipes), (&list, &list, &list));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_delimited_is_refused() -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let router = delimiters::router(recorder.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let client = parameters_delimiters::Client::builder().base_url(&served.url).build()?;
    let pointer = |result: Result<_, _>| match result {
        Err(Error::Validation(error)) => error.violations()[0].pointer.clone(),
        other => format!("{other:?}"),
    };
    let response = client.send_lists().x_list(["a,b"]).send().await;
    assert_eq!(pointer(response), "/X-List");
    let response = client.send_lists().x_object([("a=b", "c")]).send().await;
    assert_eq!(pointer(response), "/X-Object");
    let parts = |lists: parameters_delimiters::models::ListsBuilder| lists.build();
    let builder = Lists::builder;
    let response = client.send_parts(parts(builder().commas(["a,b"]))?).send().await;
    assert_eq!(pointer(response), "/commas");
    let response = client.send_parts(parts(builder().spaces(["a b"]))?).send().await;
    assert_eq!(pointer(response), "/spaces");
    let response = client.send_parts(parts(builder().pipes(["a|b"]))?).send().await;
    assert_eq!(pointer(response), "/pipes");
    // Parts are not percent-encoded.
    let lists = builder().commas(["50%25", "a b"]).spaces(["a+b", "c,d"]).pipes(["%7C", "b"]);
    let lists = lists.plain(["a,b", "c"]).build()?;
    client.send_parts(lists.clone()).send().await?;
    assert_eq!(take(&recorder.parts), Some(lists));
    Ok(())
}

#[tokio::test]
async fn properties_have_the_order_of_the_document() -> Outcome {
    let sort = || -> Result<Sort, Box<dyn std::error::Error>> {
        let at = At::builder().y(1).x(2).build()?;
        Ok(Sort::builder().zone("z").field("f").at(at).build()?)
    };
    let flat = || Sort::builder().zone("z").field("f").build();
    let body = || -> Result<SendOrderedBody, Box<dyn std::error::Error>> {
        Ok(SendOrderedBody::builder().whole(sort()?).deep(sort()?).joined(flat()?).build()?)
    };
    let send = async |url: &str| -> Outcome {
        let client = parameters_order::Client::builder().base_url(url).build()?;
        let request = client.send_ordered(sort()?, flat()?).form(flat()?).deep(sort()?);
        let request = request.json(sort()?).exploded(sort()?).x_sort(flat()?).sort(flat()?);
        request.body(body()?).send().await?;
        Ok(())
    };
    let server = Server::start([]).await?;
    send(&server.url).await?;
    let json = "%7B%22zone%22%3A%22z%22%2C%22field%22%3A%22f%22%2C%22at%22%3A%7B%22y%22%3A1%2C%22x%22%3A2%7D%7D";
    let seen = server.seen().join("").replace("%5B", "[").replace("%5D", "]");
    let expected = format!(
        "POST /simple/zone,z,field,f,at,%7B%22y%22:1%2C%22x%22:2%7D/.zone=z.field=f\
        ?form=zone,z,field,f&deep[zone]=z&deep[field]=f&deep[at][y]=1&deep[at][x]=2&json={json}\
        &zone=z&field=f&at=%7B%22y%22%3A1%2C%22x%22%3A2%7D \
        whole={json}&deep[zone]=z&deep[field]=f&deep[at][y]=1&deep[at][x]=2&joined=zone,z,field,f"
    );
    assert_eq!(seen, expected);
    assert_eq!(server.headers("x-sort"), ["x-sort: zone,z,field,f"]);
    assert_eq!(server.headers("cookie"), ["cookie: sort=zone,z,field,f"]);
    let recorder = Arc::new(Recorder::default());
    let router = order::router(recorder.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    send(&served.url).await?;
    let received = take(&recorder.ordered).ok_or("nothing was received")?;
    assert_eq!((received.simple, received.label), (sort()?, flat()?));
    assert_eq!((received.form, received.deep), (Some(flat()?), Some(sort()?)));
    assert_eq!((received.json, received.exploded), (Some(sort()?), Some(sort()?)));
    assert_eq!((received.x_sort, received.sort), (Some(flat()?), Some(flat()?)));
    assert_eq!(received.body, Some(body()?));
    Ok(())
}

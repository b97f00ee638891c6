//! Strings that would break out of where they land.

/// A name that no generated code has: identifiers of the generator are in one of the cases of Rust.
pub(super) const CANARY: &str = "zzPwned";

/// Returns the attacks. Each has the canary where it would be code.
pub(super) fn attacks() -> Vec<String> {
    let fixed = [
        // Ends of comments and of doc comments.
        "*/ fn zzPwned() {} /*",
        "a\nfn zzPwned() {}\n//",
        "a\r\nfn zzPwned() {}\r\n//",
        "a\rfn zzPwned() {}\r//",
        "a\u{2028}fn zzPwned() {}\u{2029}\u{85}\u{b}\u{c}fn zzPwned() {}",
        "//! zzPwned\n#![zzPwned]\n",
        // Ends of string literals and of attributes.
        "\"; fn zzPwned() {} const A: &str = \"",
        "\"# + zzPwned!() + r#\"",
        "\"##\"###zzPwned",
        "\\\"; zzPwned(); \\",
        "')]zzPwned!()#[doc('",
        "\"]\nfn zzPwned() {}\n#[doc = \"",
        "]]] zzPwned ![[[",
        "#![zzPwned] #[path = \"/etc/passwd\"] mod zzPwned;",
        "include!(\"/etc/zzPwned\") env!(\"zzPwned\") include_str!(\"zzPwned\")",
        "concat!(zzPwned) r#zzPwned 'zzPwned b'z' c\"zzPwned\"",
        "cfg(zzPwned) feature = \"zzPwned\"",
        // Formats, templates, shells.
        "{zzPwned} {0} {{}} {:?} {zzPwned:1$}",
        "${zzPwned} $(zzPwned) `zzPwned` %zzPwned% $zzPwned",
        "{{#zzPwned}} <%= zzPwned %> #{zzPwned}",
        // Doc tests.
        "```\nfn zzPwned() {}\n```",
        "```rust\nzzPwned();\n```",
        "```rust zzPwned();```",
        "x\n\n    zzPwned();\n",
        "x\n\n\tzzPwned();\n",
        "> ~~~rust\n> zzPwned();\n> ~~~",
        "- ```\n  zzPwned();\n  ```",
        "1. ~~~\n   zzPwned();\n   ~~~",
        "- a\n\n      zzPwned();",
        "~~~\n```\n~~~\n```rust\nzzPwned()\n```",
        "````text\n```\nzzPwned();\n````\n```\nzzPwned();",
        "```text\r```\rzzPwned();\r```",
        "```{.rust}\nzzPwned();\n```\n```RUST\nzzPwned()\n```\n```,rust\nzzPwned()\n```",
        // HTML and links.
        "<script>zzPwned()</script><img src=x onerror=zzPwned()>",
        "[a](javascript:zzPwned//) <javascript:zzPwned()> [b]: javascript:zzPwned/",
        "[a](javascript&colon;zzPwned/) [b](data:text/html,zzPwned/) ![c](https://zzPwned/)",
        "|a|b|\n|-|-|\n|`x|<b onclick=zzPwned()>`|",
        "<!-- --><!-- > zzPwned",
        "[`zzPwned`] [`crate::zzPwned`](crate::zzPwned)",
        // Files and names.
        "../../../../zzPwned",
        "/etc/zzPwned",
        "C:\\zzPwned\\..\\con.rs",
        "zzPwned\0.rs",
        "..",
        ".",
        "",
        " ",
        "mod",
        "lib",
        "main",
        "con",
        "self",
        "Self",
        "crate",
        "r#fn",
        "r#self",
        "_",
        "async",
        "gen",
        "String",
        "Option",
        "Vec",
        "rt",
        "specwright_runtime",
        "std",
        "core",
        "Client",
        "macro_rules",
        "$crate",
        // Manifests.
        "\"\n[dependencies]\nzzPwned = \"1\"\n",
        "'''\n[build]\nzzPwned = \"\"\"",
        "]\nzzPwned = [",
        "\u{7f}\u{80}\u{1b}]0;zzPwned\u{7}\u{1b}[2J",
        // Characters that are not shown, or look like others.
        "a\u{202e}b\u{2066}zzPwned",
        "\u{200b}\u{200d}\u{feff}zz\u{ad}Pwned",
        "\u{43c}od \u{ff52}\u{ff23} \u{212a}elvin \u{130} \u{df}",
        "\u{e0001}\u{e0020}\u{fff9}\u{fffe}\u{fdd0}",
        "0",
        "-1",
        "1e999",
        "\u{0301}\u{200c}",
    ];
    let mut all: Vec<String> = fixed.map(str::to_owned).to_vec();
    // Prose that is wrapped just before what would then start a line.
    let long = "word ".repeat(17);
    all.push(format!("```rust {long} zzPwned(); ```"));
    all.push(format!("- ~~~rust {long} zzPwned();"));
    all.push(format!("  {} zzPwned();", "* ".repeat(50)));
    all.push(format!("x\n  {} zzPwned();", "- ".repeat(60)));
    all.push(format!("# {long} `x <script>zzPwned()</script>`"));
    all.push(format!("| {long} | `x <script>zzPwned()</script>` |"));
    all.push(format!(
        "aaaa|{} :{}|{} `x|<zzPwned>`",
        "b".repeat(80),
        "-".repeat(40),
        "-".repeat(40)
    ));
    all.push("zzPwned ".repeat(3000));
    all.push("q".repeat(20_000));
    all
}

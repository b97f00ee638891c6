//! Statements.

use syn::{Expr, Pat, Stmt};

use super::pattern::binding;

/// Creates a statement from an expression: `expression;`.
pub(in crate::emit) fn expr(expression: Expr) -> Stmt {
    Stmt::Expr(expression, Some(Default::default()))
}

/// Creates the final expression of a block, which is its value.
pub(in crate::emit) fn tail(expression: Expr) -> Stmt {
    Stmt::Expr(expression, None)
}

/// Creates `target = value;`.
pub(in crate::emit) fn assign(target: Expr, value: Expr) -> Stmt {
    expr(Expr::Assign(syn::ExprAssign {
        attrs: Vec::new(),
        left: Box::new(target),
        eq_token: Default::default(),
        right: Box::new(value),
    }))
}

/// Creates `let mut name = value;`.
pub(in crate::emit) fn let_mut(name: &str, value: Expr) -> Stmt {
    local(binding(name, true), value, None)
}

/// Creates `let pattern = value else { otherwise };`.
pub(in crate::emit) fn let_else(pattern: Pat, value: Expr, otherwise: Vec<Stmt>) -> Stmt {
    let otherwise = Expr::Block(syn::ExprBlock {
        attrs: Vec::new(),
        label: None,
        block: syn::Block { brace_token: Default::default(), stmts: otherwise },
    });
    local(pattern, value, Some(otherwise))
}

fn local(pat: Pat, value: Expr, otherwise: Option<Expr>) -> Stmt {
    Stmt::Local(syn::Local {
        attrs: Vec::new(),
        modifiers: Default::default(),
        let_token: Default::default(),
        pat,
        init: Some(syn::LocalInit {
            eq_token: Default::default(),
            expr: Box::new(value),
            diverge: otherwise.map(|block| (Default::default(), Box::new(block))),
        }),
        semi_token: Default::default(),
    })
}

/// Creates `return value;`.
pub(in crate::emit) fn return_value(value: Expr) -> Stmt {
    expr(Expr::Return(syn::ExprReturn {
        attrs: Vec::new(),
        return_token: Default::default(),
        expr: Some(Box::new(value)),
    }))
}

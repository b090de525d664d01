//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};

use crate::state::Server;
use crate::{control, endpoint, rows_control};

pub(crate) fn router(server: Arc<Server>) -> Router {
    let page = |State(server): State<Arc<Server>>| async move { server.page.response() };
    let control = Router::new()
        .route("/", get(page))
        .route("/__journal", get(control::journal))
        .route("/__state", get(control::state))
        .route("/__stock", post(control::stock))
        .route("/__faults", get(control::faults).post(control::set_faults))
        .route("/__rows", get(rows_control::list).post(rows_control::set_churn))
        .route("/__rows/{method}", get(rows_control::lines))
        .route("/__rows/{method}/churn", post(rows_control::change))
        .route_layer(axum::middleware::from_fn(control::guard));
    Router::new()
        .route("/openapi", post(endpoint::call).fallback(endpoint::wrong_method))
        .route("/openapi/", post(endpoint::call).fallback(endpoint::wrong_method))
        .merge(control)
        .fallback(endpoint::wrong_path)
        .with_state(server)
}

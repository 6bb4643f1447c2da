//! Who is told when a thread panics: one for the process, and one for each explored execution.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

/// Who is told; what it is, the crate knows that keeps it here.
pub type Hook = Arc<dyn Any + Send + Sync>;

static HOOK: Mutex<Option<Hook>> = Mutex::new(None);

/// Who is told now.
#[must_use]
pub fn hook() -> Option<Hook> {
    #[cfg(feature = "explore")]
    if let Some(hook) = crate::explored::hook() {
        return hook;
    }
    HOOK.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Says who is to be told from now on, and gives back who was. Explored, it is a step, and lasts for the execution.
#[track_caller]
pub fn set_hook(hook: Option<Hook>) -> Option<Hook> {
    #[cfg(feature = "explore")]
    if crate::is_explored() {
        return crate::explored::set_hook(hook);
    }
    std::mem::replace(&mut *HOOK.lock().unwrap_or_else(PoisonError::into_inner), hook)
}

//! A map of the numbers of a range: they are divided without anybody writing them down, and the results are written where
//! they are to be.

extern crate alloc;

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::ops::Range;

use crate::crew::Crew;
use crate::error::TaskError;
use crate::map::{Submitted, filled};
use crate::vector::Whole;

/// So many jobs for each worker, if there are as many numbers: where one is slow, the others do more of them.
const JOBS: usize = 8;

/// The values of the function in the order of the numbers, or the first error; what has not begun is cancelled then.
#[track_caller]
pub(crate) fn map_range<T, F>(crew: &Arc<Crew>, numbers: Range<usize>, function: F) -> Result<Vec<T>, TaskError>
where
    T: Send + 'static,
    F: Fn(usize) -> T + Send + Sync + 'static,
{
    let Some(mut whole) = Whole::new(numbers.len()) else {
        panic!("a vector of {} results has more bytes than there is memory", numbers.len());
    };
    let size = numbers.len().div_ceil(crew.settings.max_workers.saturating_mul(JOBS));
    let function = Arc::new(function);
    let (mut jobs, mut rest) = (Submitted(VecDeque::new()), numbers);
    while !rest.is_empty() {
        let own = rest.start..rest.start + size.min(rest.len());
        rest.start = own.end;
        let (function, part) = (Arc::clone(&function), whole.part(own.len()));
        jobs.0.push_back(crew.submit(move || filled(part, own.map(&*function))));
    }
    while let Some(job) = jobs.0.front() {
        whole.keep(job.result()?.map_err(TaskError::Panicked)?);
        jobs.0.pop_front();
    }
    Ok(whole.into_vector())
}

//! What waits to be done together with others: whoever is at work takes all that wait, and nobody waits
//! for company.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One queue, and how many are at work on it.
pub(super) struct Queue<J> {
    waiting: Mutex<VecDeque<J>>,
    busy: AtomicUsize,
    /// At most so many are at work at once.
    most: usize,
    /// At most so much is taken at once.
    together: usize,
}

impl<J> fmt::Debug for Queue<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("busy", &self.busy).finish_non_exhaustive()
    }
}

/// Somebody is at work on the queue, until this is dropped.
pub(super) struct AtWork<J>(Arc<Queue<J>>);

impl<J> Queue<J> {
    pub(super) fn new(most: usize, together: usize) -> Arc<Queue<J>> {
        Arc::new(Queue { waiting: Mutex::default(), busy: AtomicUsize::new(0), most, together })
    }

    /// Lets it wait; `Some` where there are not as many at work as there may be, and then the caller
    /// sees to it that one more is.
    pub(super) fn push(self: &Arc<Queue<J>>, job: J) -> Option<AtWork<J>> {
        let mut waiting = lock(&self.waiting);
        waiting.push_back(job);
        (self.busy.load(Ordering::Relaxed) < self.most).then(|| {
            self.busy.fetch_add(1, Ordering::Relaxed);
            AtWork(Arc::clone(self))
        })
    }

    pub(super) fn is_idle(&self) -> bool {
        self.busy.load(Ordering::Relaxed) == 0
    }
}

impl<J> AtWork<J> {
    /// All that wait; `None`, and the caller is not at work any more, where nothing does.
    pub(super) fn next(self) -> Option<(AtWork<J>, Vec<J>)> {
        let queue = Arc::clone(&self.0);
        let mut waiting = lock(&queue.waiting);
        if waiting.is_empty() {
            // While nobody can come in between.
            drop(self);
            return None;
        }
        let most = waiting.len().min(queue.together);
        Some((self, waiting.drain(..most).collect()))
    }
}

impl<J> Drop for AtWork<J> {
    fn drop(&mut self) {
        let is_last = self.0.busy.fetch_sub(1, Ordering::Relaxed) == 1;
        if is_last && std::thread::panicking() {
            // Nobody would come back to what waits: it is dropped, and whoever waits for it hears that.
            drop(std::mem::take(&mut *lock(&self.0.waiting)));
        }
    }
}

pub(super) fn lock<T>(place: &Mutex<T>) -> MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn what_waits_is_taken_by_as_many_as_may_be_at_work() {
        let queue = Queue::new(2, 3);
        let first = queue.push(1).unwrap();
        let second = queue.push(2).unwrap();
        assert!(queue.push(3).is_none() && queue.push(4).is_none());
        let (first, taken) = first.next().unwrap();
        assert_eq!(taken, [1, 2, 3]);
        let (second, taken) = second.next().unwrap();
        assert_eq!(taken, [4]);
        assert!(first.next().is_none());
        assert!(!queue.is_idle());
        drop(second);
        assert!(queue.is_idle());
        assert!(queue.push(5).is_some());
    }
}

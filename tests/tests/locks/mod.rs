//! What the tests of both kinds of lock share.

/// Implements what every lock can do for a peer's lock that is wrapped, as neither it nor the trait is of this crate.
macro_rules! wraps {
    ($wrapper:ident($lock:ty), $guard:ty) => {
        #[derive(Debug, Default)]
        struct $wrapper($lock);

        impl Locking for $wrapper {
            type Guard<'lock> = $guard;
            fn lock(&self) -> Self::Guard<'_> {
                self.0.lock()
            }
            fn try_lock(&self) -> Option<Self::Guard<'_>> {
                self.0.try_lock()
            }
        }

        impl Telling for $wrapper {
            fn is_locked(&self) -> bool {
                self.0.is_locked()
            }
        }
    };
}

/// Tests of one implementation, by the behaviours that it has.
macro_rules! conforms {
    ($name:ident: $lock:ty, $($behaviour:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $behaviour() {
                    super::$behaviour::<$lock>();
                }
            )*
        }
    };
}

pub(crate) use conforms;
pub(crate) use wraps;

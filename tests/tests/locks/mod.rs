//! What the tests of both kinds of lock share.

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

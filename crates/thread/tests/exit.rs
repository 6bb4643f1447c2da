//! The end of a program, in real programs: this test runs itself as a child, with `harness = false`, once for each way to
//! end.

use std::env;
use std::process::{Command, Output, exit};
use std::time::{Duration, Instant};

use threadcraft_thread::{Local, Thread, sleep, spawn};

/// Long enough for the child's main thread to be gone by then.
const LATER: Duration = Duration::from_millis(100);

/// What tells a child what to do.
const CHILD: &str = "THREADCRAFT_EXIT_CHILD";

/// A child, what it does, and what becomes of it.
struct Child {
    name: &'static str,
    run: fn(),
    printed: &'static str,
    code: i32,
}

const CHILDREN: [Child; 10] = [
    Child { name: "main returns", run: || worker("worker"), printed: "worker", code: 0 },
    Child {
        name: "main exits",
        run: || {
            worker("worker");
            exit(7);
        },
        printed: "worker",
        code: 7,
    },
    Child {
        name: "main panics",
        run: || {
            worker("worker");
            panic!("on purpose");
        },
        printed: "worker",
        code: 101,
    },
    Child {
        name: "a thread starts another late",
        run: || {
            drop(spawn(|| {
                sleep(LATER);
                worker("late");
            }));
        },
        printed: "late",
        code: 0,
    },
    Child {
        name: "a daemon starts another late",
        run: || {
            worker("first");
            start(true, || {
                sleep(LATER / 4);
                start(false, || {
                    sleep(2 * LATER);
                    println!("second");
                });
            });
        },
        printed: "first second",
        code: 0,
    },
    Child {
        name: "four daemons do not hold the end",
        run: || {
            (0..4).for_each(|_| {
                start(true, || {
                    loop {
                        sleep(Duration::from_secs(3600))
                    }
                })
            })
        },
        printed: "",
        code: 0,
    },
    Child {
        name: "daemons inherit it",
        run: || {
            start(true, || {
                drop(spawn(|| {
                    loop {
                        sleep(Duration::from_secs(3600))
                    }
                }))
            });
            sleep(LATER);
        },
        printed: "",
        code: 0,
    },
    Child {
        name: "a thread exits",
        run: || {
            worker("worker");
            drop(spawn(|| exit(3)));
            sleep(Duration::from_secs(3600));
        },
        printed: "worker",
        code: 3,
    },
    Child {
        name: "a thread that panics is waited for",
        run: || {
            drop(spawn(|| {
                sleep(LATER);
                println!("before");
                panic!("on purpose");
            }));
        },
        printed: "before",
        code: 0,
    },
    Child {
        name: "values of main and of threads are dropped",
        run: || {
            struct Prints(&'static str);
            impl Drop for Prints {
                fn drop(&mut self) {
                    println!("{}", self.0);
                }
            }
            static KEPT: Local<Prints> = Local::new();
            KEPT.set(Prints("main's"));
            start(false, || {
                KEPT.set(Prints("thread's"));
                sleep(LATER);
            });
        },
        printed: "main's thread's",
        code: 0,
    },
];

/// A thread that prints when main is long gone, and is held by nobody.
fn worker(line: &'static str) {
    start(false, move || {
        sleep(LATER);
        println!("{line}");
    });
}

fn start(daemon: bool, body: impl FnOnce() + Send + 'static) {
    Thread::new(body).daemon(daemon).start().expect("a thread can be started");
}

fn main() {
    if let Ok(name) = env::var(CHILD) {
        let child = CHILDREN.iter().find(|child| child.name == name).expect("a child of this list");
        return (child.run)();
    }
    // The flags of a test runner that lists tests, or looks for one of another name.
    if env::args().any(|argument| argument == "--list") {
        return;
    }
    for child in &CHILDREN {
        let begin = Instant::now();
        let Output { status, stdout, stderr } = Command::new(env::current_exe().expect("this program has a path"))
            .env(CHILD, child.name)
            .output()
            .expect("it can be run");
        let printed = String::from_utf8_lossy(&stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        let said = String::from_utf8_lossy(&stderr);
        assert_eq!((printed.as_str(), status.code()), (child.printed, Some(child.code)), "{}: {said}", child.name);
        assert!(begin.elapsed() < Duration::from_secs(60), "{} did not end by itself", child.name);
        println!("{} ... ok", child.name);
    }
}

//! Programs that misbehave, as `sh` scripts: each ends in time, is named rightly, and leaves nobody behind.

use super::*;

fn sh(script: &str, limits: &Limits) -> Ran {
    sh_in(tempfile::tempdir().expect("a temporary folder").path(), script, limits)
}

fn sh_in(folder: &Path, script: &str, limits: &Limits) -> Ran {
    let mut command = Command::new("sh");
    command.arg("-c").arg(script);
    run(command, folder, limits, |fd| ("REPORT", fd.to_string())).expect("sh is there")
}

fn short() -> Limits {
    Limits { time: Duration::from_millis(400), ..Limits::default() }
}

fn output(ran: Ran) -> String {
    String::from_utf8(ran.output.into_parts().0).expect("UTF-8")
}

/// A number of seconds that no other process sleeps for, not even that of another run of these tests.
fn unlikely(seconds: u32) -> String {
    format!("{seconds}.0{}", std::process::id())
}

/// True if some process has this word in its command line.
fn anybody_runs(word: &str) -> bool {
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.into_iter().any(|line| String::from_utf8_lossy(&line).contains(word))
}

#[test]
fn output_report_and_code_come_back() {
    let ran = sh("echo out; echo err >&2; echo report >/proc/self/fd/$REPORT; exit 7", &Limits::default());
    assert_eq!((ran.end, ran.report.as_slice()), (End::Exited(7), b"report\n".as_slice()));
    assert_eq!(output(ran), "out\nerr\n");
}

#[test]
fn the_program_has_no_input_no_terminal_and_no_other_descriptor() {
    let ran = sh("cat; ls /proc/self/fd | wc -l; (: </dev/tty) 2>/dev/null && echo terminal", &Limits::default());
    // Input, output, errors, the report, and the folder that `ls` itself reads.
    assert_eq!(output(ran).trim(), "5");
}

#[test]
fn a_signal_is_told_from_a_code() {
    assert_eq!(sh("kill -SEGV $$", &Limits::default()).end, End::Signalled(libc::SIGSEGV));
}

#[test]
fn a_program_without_end_is_ended() {
    let started = Instant::now();
    let ran = sh("echo begun; while :; do :; done", &short());
    assert_eq!(ran.end, End::TimedOut);
    assert_eq!(output(ran), "begun\n");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn one_that_closes_everything_and_goes_on_is_ended_too() {
    assert_eq!(sh("exec >&- 2>&-; while :; do :; done", &short()).end, End::TimedOut);
}

#[test]
fn printing_without_end_is_a_flood_of_which_both_ends_are_kept() {
    let ran = sh("echo first; yes nonsense", &Limits::default());
    assert_eq!(ran.end, End::OutputFlood);
    let (head, missing, tail) = ran.output.into_parts();
    assert!(head.starts_with(b"first\nnonsense\n") && missing > 0 && tail.windows(8).any(|w| w == b"nonsense"));
}

#[test]
fn a_report_without_end_is_a_flood() {
    assert_eq!(sh("yes report >/proc/self/fd/$REPORT", &Limits::default()).end, End::OutputFlood);
}

#[test]
fn memory_beyond_the_limit_cannot_be_had() {
    let limits = Limits { memory: 64 << 20, ..Limits::default() };
    let ran = sh("head -c 300000000 /dev/zero | tr '\\0' x | sort >/dev/null; exit 3", &limits);
    // `sort` copes with little memory; what counts is that nobody was allowed to take more.
    assert!(matches!(ran.end, End::Exited(3) | End::OutOfMemory), "{:?}", ran.end);
    let ran = sh("python3 -c 'x = bytearray(1 << 28)' 2>/dev/null || exit 4", &limits);
    assert_eq!(ran.end, End::Exited(4));
}

#[test]
fn processes_without_end_are_ended() {
    let limits = Limits { threads: 20, ..Limits::default() };
    let seconds = unlikely(30);
    let ran = sh(&format!("while :; do sleep {seconds} & done"), &limits);
    assert_eq!(ran.end, End::ProcessFlood);
    assert!(!anybody_runs(&seconds));
}

#[test]
fn who_leaves_the_group_and_the_parent_is_found_and_ended() {
    // The grandchild leads its own session and its parent is gone: only a subreaper finds it.
    let seconds = unlikely(31);
    let orphans = format!("setsid sh -c 'sleep {seconds} & sleep {seconds}' </dev/null >/dev/null 2>&1");
    let ran = sh(&format!("{orphans} & sleep 0.2"), &Limits::default());
    assert_eq!(ran.end, End::Exited(0));
    assert!(!anybody_runs(&seconds));
}

#[test]
fn the_end_of_one_program_spares_the_orphans_of_another() {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The orphan writes after its parent and after the other program are gone.
            let ran = sh("(setsid sh -c 'sleep 0.6; echo alive' &) ; sleep 1", &Limits::default());
            sender.send(output(ran)).expect("the test waits");
        });
        scope.spawn(|| sh("sleep 0.2", &Limits::default()));
    });
    assert_eq!(receiver.recv().expect("sent"), "alive\n");
}

#[test]
fn the_end_of_a_program_spares_a_companion_and_what_it_started() {
    // It reads, and so does its orphan: both are there until we say so.
    let mut command = Command::new("sh");
    let orphan = "setsid sh -c 'read word <&3; echo $word'";
    command.arg("-c").arg(format!("exec 3<&0; ({orphan} &); read word; echo $word")).process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut companion = Companion::start(&mut command).expect("sh is there");
    assert_eq!(sh("exit 3", &Limits::default()).end, End::Exited(3));
    let mut input = companion.child().stdin.take().expect("it is piped");
    io::Write::write_all(&mut input, b"alive\nalive\n").expect("somebody reads");
    drop(input);
    let status = companion.wait().expect("it is not reaped yet");
    let output = companion.child().stdout.take().expect("it is piped");
    assert!(status.success());
    assert_eq!(io::read_to_string(output).expect("UTF-8"), "alive\nalive\n");
    // One that has ended is left to whoever waits for it.
    let mut ended = Companion::start(Command::new("true").process_group(0)).expect("true is there");
    while !stat_of(ended.child().id()).contains(") Z ") {
        std::thread::yield_now();
    }
    assert_eq!(sh("exit 3", &Limits::default()).end, End::Exited(3));
    assert!(ended.wait().expect("it is not reaped yet").success());
}

fn stat_of(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it is not reaped yet")
}

#[test]
fn a_program_writes_in_its_own_folder_and_nowhere_else() {
    assert!(is_fenced(), "this kernel has no Landlock; nothing can be said of the fence here");
    let [own, other] = [(); 2].map(|()| tempfile::tempdir().expect("a temporary folder"));
    let file = other.path().join("theirs");
    std::fs::write(&file, "theirs").expect("written");
    let shown = file.display();
    for attempt in [
        format!("echo mine >{shown}"),
        format!("echo mine >>{shown}"),
        format!("rm {shown}"),
        format!("mv {shown} stolen"),
        format!("ln {shown} {shown}.2"),
        format!("mkdir {shown}.2"),
        format!("truncate -s 0 {shown}"),
        format!("ln -s {shown} link; echo mine >link"),
    ] {
        let ran = sh_in(own.path(), &format!("({attempt}) 2>/dev/null && exit 5; exit 6"), &Limits::default());
        assert_eq!(ran.end, End::Exited(6), "{attempt}");
        assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "theirs", "{attempt}");
        assert_eq!(std::fs::read_dir(other.path()).expect("a folder").count(), 1, "{attempt}");
    }
    let ran = sh_in(own.path(), "echo a >a && mkdir b && mv a b/c && echo x >/dev/null && rm -r b", &Limits::default());
    assert_eq!(ran.end, End::Exited(0));
}

#[test]
fn a_program_cannot_send_a_signal_to_the_runner() {
    let ran = sh("kill -TERM $PPID 2>/dev/null && exit 5; (kill -TERM $$; sleep 9)", &Limits::default());
    assert_eq!(ran.end, End::Signalled(libc::SIGTERM), "to itself it can");
    assert!(!interrupt::requested());
}

#[test]
fn files_are_limited_in_length_and_number() {
    let limits = Limits { file: 1 << 20, open_files: 32, ..Limits::default() };
    assert_eq!(sh("exec head -c 3000000 /dev/zero >big", &limits).end, End::Signalled(libc::SIGXFSZ));
    let ran = sh("python3 -c 'f = [open(\"/dev/null\") for i in range(99)]' 2>/dev/null || exit 4", &limits);
    assert_eq!(ran.end, End::Exited(4));
}

#[test]
fn on_a_busy_machine_a_program_has_the_time_that_it_computes_and_one_that_sleeps_has_the_clock_s() {
    // Each leads a session, so the kernel shares the processors among all alike: twelve for each of them here.
    let others = 12 * std::thread::available_parallelism().map_or(1, usize::from);
    let stop = tempfile::tempdir().expect("a temporary folder");
    let stop = stop.path().join("stop");
    let computes = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";
    let alone = sh(computes, &Limits::default());
    assert_eq!(alone.end, End::Exited(0));
    std::thread::scope(|scope| {
        for _ in 0..others {
            scope.spawn(|| sh(&format!("until [ -e {} ]; do :; done", stop.display()), &Limits::default()));
        }
        // More than it takes alone, and far less than the clock says beside the others.
        let limits = Limits { time: alone.processor * 3 + Duration::from_millis(100), ..Limits::default() };
        // The first few may be done before all the others have begun.
        let measured = || {
            let started = Instant::now();
            (sh(computes, &limits), started.elapsed())
        };
        let mut runs = (0..20).map(|_| measured());
        let (beside, took) = runs.find(|(_, took)| *took > limits.time).expect("the machine gets busy");
        let asleep = sh("sleep 60", &short());
        std::fs::write(&stop, "").expect("written");
        assert_eq!(beside.end, End::Exited(0), "{took:?}");
        assert_eq!(asleep.end, End::TimedOut);
    });
}

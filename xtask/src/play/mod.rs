//! `play`: the learner is the scheduler of an exercise's program.

mod answer;
mod game;
mod layout;
mod stage;
mod view;

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use threadcraft_timeline::Schedule;
use threadcraft_timeline::check::{CheckReport, PartKind};
use threadcraft_timeline::render;

use self::game::Game;
use self::stage::{Compiled, Scene};
use crate::cli;
use crate::course::{Course, Exercise, Kind};
use crate::exit::{Exit, Mistake};
use crate::findings::{Details, What};
use crate::learner::Learner;
use crate::places::Places;
use crate::process::Limits;
use crate::progress::Record;
use crate::show::{self, from_here};
use crate::snapshot::Snapshots;
use crate::terminal;
use crate::tui::links::Links;
use crate::tui::screen::Screen;
use crate::verify::{Checker, Picture, Played, Ready, Subject, Told, holds};
use crate::work;

/// Runs the command.
pub(crate) fn run(places: &Places, options: &cli::Play) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let exercise = course.exercise(&options.name)?;
    let mut learner = Learner::open(places, &course)?;
    show::notices(learner.take_notices());
    let record = learner.record(exercise);
    let session = Session::new(places, exercise, record, options.program, options.offline)?;
    let mut session = session.telling(Told::Bar);
    if options.schedule.is_some() || options.save || !Screen::is_possible() {
        return session.tell(&options.schedule.clone().unwrap_or_default(), options.save);
    }
    // The first time, all crates are compiled: the usual screen shows it.
    let game = session.game(terminal::width())?;
    session.progress = Told::Hidden;
    let mut screen = Screen::open(Links::detect(places.root.clone()))?;
    view::play(&mut screen, &mut session, game)?;
    Ok(Exit::Success)
}

/// One exercise that is played.
pub(crate) struct Session<'a> {
    places: &'a Places,
    exercise: &'a Exercise,
    record: Record,
    program: Played,
    offline: bool,
    /// Who is told what is compiled.
    progress: Told<'a>,
}

/// What came of saving a schedule.
pub(crate) enum Saved {
    /// It stands in the learner's file; the copy of what was there lies here.
    Written { schedule: String, file: PathBuf, copy: PathBuf },
    /// It stood there already.
    Unchanged,
}

impl Saved {
    fn told(&self) -> String {
        match self {
            Self::Written { schedule, file, copy } => {
                format!(
                    "saved: SCHEDULE is \"{schedule}\" in {}; your version before: {}",
                    from_here(file),
                    from_here(copy)
                )
            }
            Self::Unchanged => "that is what your file says already".to_owned(),
        }
    }
}

impl<'a> Session<'a> {
    /// A session on this exercise. Unless it is said which program, the one to be broken, until there is a schedule.
    pub(crate) fn new(
        places: &'a Places,
        exercise: &'a Exercise,
        record: Record,
        program: Option<Played>,
        offline: bool,
    ) -> anyhow::Result<Self> {
        if program == Some(Played::Given) && !exercise.kind.breaks() {
            let why = format!("{} gives you no program to break: play your own", exercise.name);
            return Err(Mistake(why).into());
        }
        if program == Some(Played::Yours) && exercise.kind == Kind::Break {
            let why = format!("{} has one program, the one that you are given to break: play that", exercise.name);
            return Err(Mistake(why).into());
        }
        let source = fs::read_to_string(&exercise.work_file).unwrap_or_default();
        let is_open = || answer::find(&source).is_none_or(|schedule| schedule.trim().is_empty());
        let is_given = exercise.kind == Kind::Break || exercise.kind.breaks() && is_open();
        let program = program.unwrap_or(if is_given { Played::Given } else { Played::Yours });
        Ok(Self { places, exercise, record, program, offline, progress: Told::Hidden })
    }

    /// The same session, which tells what is compiled.
    fn telling(self, progress: Told<'a>) -> Self {
        Self { progress, ..self }
    }

    /// Plays on the screen until the player leaves.
    pub(crate) fn play(&mut self, screen: &mut Screen) -> anyhow::Result<()> {
        let game = self.game(usize::from(screen.size().0))?;
        view::play(screen, self, game)
    }

    fn program(&self) -> Played {
        self.program
    }

    fn exercise(&self) -> &Exercise {
        self.exercise
    }

    /// How texts about the program look in so many columns.
    fn style(&self, width: usize) -> render::Style {
        render::Style { width, color: terminal::has_colors(), root: Some(self.places.root.clone()), replay: None }
    }

    /// A game at its beginning.
    fn game(&self, width: usize) -> anyhow::Result<Game<Compiled<'a>>> {
        Game::new(self.stage(width)?, &Schedule::default())
    }

    /// The same on the other program.
    fn switched(&mut self, width: usize) -> anyhow::Result<Game<Compiled<'a>>> {
        let other = match self.program {
            Played::Given => Played::Yours,
            Played::Yours => Played::Given,
        };
        let session = Session::new(self.places, self.exercise, self.record.clone(), Some(other), self.offline)?;
        let game = session.game(width)?;
        *self = session;
        Ok(game)
    }

    /// Compiles the program. The given one needs nothing of the learner's file, which may be in any state.
    fn stage(&self, width: usize) -> anyhow::Result<Compiled<'a>> {
        let (file, bin) = match self.program {
            Played::Given => (self.exercise.file("starter.rs"), format!("given-{}", self.exercise.name)),
            Played::Yours => (self.exercise.work_file.clone(), self.exercise.name.clone()),
        };
        let picture = Picture { exercise: &self.exercise.name, file: &file, places: self.places, width, colors: false };
        let subject = Subject { exercise: self.exercise, file: file.clone(), bin };
        match Ready::new(self.checker(), subject)?.context("interrupted")? {
            Ok(ready) => {
                let snapshots = Snapshots::read(&self.exercise.dir);
                Ok(Compiled::new(ready, self.program, snapshots))
            }
            Err(finding) => Err(stage::unplayable(&picture, &finding).into()),
        }
    }

    fn checker(&self) -> Checker<'a> {
        let limits = Limits::default();
        Checker {
            places: self.places,
            limits,
            offline: self.offline,
            again: false,
            afresh: false,
            schedule: None,
            progress: self.progress,
        }
    }

    /// Prints how the program stands after a schedule.
    fn tell(&self, schedule: &Schedule, save: bool) -> anyhow::Result<Exit> {
        let width = terminal::width();
        let game = Game::new(self.stage(width)?, schedule)?;
        let scene = game.scene();
        println!(
            "play · {} · {}",
            self.exercise.name,
            match self.program {
                Played::Given => "the program as it was given",
                Played::Yours => "your program",
            }
        );
        let words = render::scene(&scene.played, &render::Style { color: false, ..self.style(width) });
        let parts = [layout::goal(scene, width), vec![layout::schedule(&game)], layout::stage(&words, width)];
        for part in parts {
            let lines: Vec<String> = part.iter().map(|line| line.to_string().trim_end().to_owned()).collect();
            println!("\n{}", lines.join("\n"));
        }
        if !save && !scene.is_over() {
            println!("\ngo on: cargo xtask play {} --schedule {}…", self.exercise.name, scene.taken());
        }
        if !save {
            return Ok(Exit::Success);
        }
        if scene.reached.is_err() {
            println!("\nnot saved: the goal is not reached");
            return Ok(Exit::Failed);
        }
        println!("\n{}", self.save(scene)?.told());
        Ok(Exit::Success)
    }

    /// Writes the schedule that was played into the learner's file, if it reaches the goal. A copy is kept.
    fn save(&self, scene: &Scene) -> anyhow::Result<Saved> {
        if self.program == Played::Yours {
            return Err(
                Mistake("a schedule is saved where it breaks the program that was given: change to it".into()).into()
            );
        }
        if scene.reached.is_err() {
            return Err(Mistake("the goal is not reached yet".into()).into());
        }
        let file = &self.exercise.work_file;
        let shown = from_here(file);
        let source = fs::read_to_string(file).with_context(|| format!("{shown} cannot be read"))?;
        let schedule = scene.taken().to_string();
        let lacks =
            || Mistake(format!("{shown} has no line `pub const SCHEDULE: &str = \"\";`: the answer is \"{schedule}\""));
        let changed = answer::with(&source, &schedule).ok_or_else(lacks)?;
        if changed == source {
            return Ok(Saved::Unchanged);
        }
        let copy = work::keep(self.places, file).context("no copy of your file could be kept, so it was left alone")?;
        work::replace(file, changed.as_bytes()).with_context(|| format!("{shown} cannot be written"))?;
        Ok(Saved::Written { schedule, file: file.clone(), copy })
    }

    /// A schedule on which the program goes wrong. Of the program to be broken it is the answer, and shown only to who
    /// has it already or gave up.
    fn failing(&self) -> anyhow::Result<Schedule> {
        let subject =
            Subject { exercise: self.exercise, file: self.exercise.work_file.clone(), bin: self.exercise.name.clone() };
        let checked = self.checker().check(&[subject], &|_, _| {})?.pop().flatten().context("interrupted")?;
        let details = checked.details.read();
        match self.program {
            Played::Yours => failing_of(&details).ok_or_else(|| {
                let verdict = checked.summary.verdict;
                Mistake(format!("there is no schedule to show: the verdict of your program is `{verdict}`")).into()
            }),
            Played::Given => self.answer(details.report.as_ref()),
        }
    }

    /// The schedule that breaks the program that was given, for who may see it.
    fn answer(&self, report: Option<&CheckReport>) -> anyhow::Result<Schedule> {
        let parts = report.into_iter().flat_map(|report| &report.parts);
        let mut breaking = parts.filter(|part| part.kind == PartKind::Break);
        let is_broken = breaking.any(|part| part.claims.iter().all(|claim| claim.holds));
        let file = match (is_broken, self.record.gave_up) {
            (true, _) => self.exercise.work_file.clone(),
            (false, true) => self.exercise.file("solution.rs"),
            (false, false) => {
                let name = &self.exercise.name;
                let how = format!("finding it is the exercise; to give it up: cargo xtask solution {name} --give-up");
                return Err(Mistake(how).into());
            }
        };
        let source = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", from_here(&file)))?;
        let schedule = answer::find(&source).with_context(|| format!("{} has no SCHEDULE", from_here(&file)))?;
        schedule.parse().map_err(|error| Mistake(format!("{}: {error}", from_here(&file))).into())
    }
}

/// The schedule of the decisive fault, if one schedule shows it.
fn failing_of(details: &Details) -> Option<Schedule> {
    let fault = details.fault.as_ref()?;
    let part = details.report.as_ref()?.parts.get(fault.part).filter(|part| part.kind == PartKind::Explore)?;
    match &fault.what {
        What::Failure => Some(part.report.failure.as_ref()?.schedule.clone()),
        What::Claim(claim) => Some(part.claims.get(*claim)?.refuted_by.as_ref()?.schedule.clone()),
        What::Snapshot { expected } => {
            let wrong = part.examples.iter().find(|example| !holds(expected, &example.outcome))?;
            Some(wrong.schedule.clone())
        }
    }
}

//! The game: the learner is the scheduler. What was played is a list of steps; behind it may lie a recording, which is
//! what was undone, or a schedule that goes wrong, to be stepped through.

use threadcraft_timeline::report::Effect;
use threadcraft_timeline::schedule::{Choice, Way};
use threadcraft_timeline::{Schedule, ThreadStatus};

use super::stage::{Scene, Stage};

/// One game on one stage.
pub(crate) struct Game<S> {
    stage: S,
    /// How the program stands.
    scene: Scene,
    /// The steps of the recording, of which the first so many as were taken are those that were played.
    recorded: Vec<Choice>,
    /// What the last move came to, if it was not done.
    refused: Option<String>,
}

impl<S: Stage> Game<S> {
    /// A game that begins after this schedule.
    pub(crate) fn new(stage: S, schedule: &Schedule) -> anyhow::Result<Self> {
        let scene = stage.after(schedule)?;
        let recorded = scene.taken().choices().to_vec();
        Ok(Self { stage, scene, recorded, refused: None })
    }

    /// How the program stands.
    pub(crate) fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Why the last move was not done, if it was not.
    pub(crate) fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// How many steps were taken, and how many are known: of the recording, or of what follows by itself.
    pub(crate) fn progress(&self) -> (usize, usize) {
        let taken = self.taken().len();
        let follow = self.following().count();
        (taken, self.recorded.len().max(taken + follow))
    }

    /// Lets a thread take one step: in the usual way if there is one.
    pub(crate) fn step(&mut self, thread: usize) -> anyhow::Result<()> {
        match self.usual_way(thread) {
            Some(choice) => self.play(choice),
            None => {
                self.refuse(thread);
                Ok(())
            }
        }
    }

    /// Lets a thread take one step in its other way, as if its deadline passed.
    pub(crate) fn step_otherwise(&mut self, thread: usize) -> anyhow::Result<()> {
        match self.ways(thread).into_iter().find(|choice| choice.way != Way::Usual) {
            Some(choice) => self.play(choice),
            None => {
                self.refused = Some(format!("{} has no other way to go on", self.name(thread)));
                Ok(())
            }
        }
    }

    /// Lets a thread run until it blocks or ends, or lets others go first.
    pub(crate) fn run(&mut self, thread: usize) -> anyhow::Result<()> {
        self.step(thread)?;
        if self.refused.is_some() {
            return Ok(());
        }
        // The default rule is that the running thread goes on.
        let more = self.following().take_while(|&next| next == thread).count();
        let choices = [self.taken(), &vec![Choice::usual(thread); more]].concat();
        if more > 0 { self.go(choices) } else { Ok(()) }
    }

    /// Takes the next step of the recording, or, behind its end, the one that follows by itself.
    pub(crate) fn forward(&mut self) -> anyhow::Result<()> {
        let taken = self.taken().len();
        if let Some(&choice) = self.recorded.get(taken) {
            let recorded = std::mem::take(&mut self.recorded);
            self.play(choice)?;
            self.recorded = recorded;
            return Ok(());
        }
        let next = self.following().next();
        match next {
            Some(thread) => self.step(thread),
            None => {
                self.refused = Some("nothing is left to be done".to_owned());
                Ok(())
            }
        }
    }

    /// Takes the last step back.
    pub(crate) fn undo(&mut self) -> anyhow::Result<()> {
        match self.taken().split_last() {
            Some((_, before)) => self.jump(before.to_vec()),
            None => {
                self.refused = Some("no step was taken yet".to_owned());
                Ok(())
            }
        }
    }

    /// Back to the beginning; what was played becomes the recording.
    pub(crate) fn restart(&mut self) -> anyhow::Result<()> {
        self.jump(Vec::new())
    }

    /// To the end of the recording.
    pub(crate) fn go_to_end(&mut self) -> anyhow::Result<()> {
        self.jump(self.recorded.clone())
    }

    /// Puts a recording on, at its beginning.
    pub(crate) fn record(&mut self, schedule: &Schedule) -> anyhow::Result<()> {
        self.go(Vec::new())?;
        self.recorded = schedule.choices().to_vec();
        Ok(())
    }

    /// A step of the player's own: what was recorded behind it no longer counts, unless it is the same.
    fn play(&mut self, choice: Choice) -> anyhow::Result<()> {
        let choices = [self.taken(), &[choice]].concat();
        self.go(choices)
    }

    /// To a place on the recording, which stays.
    fn jump(&mut self, choices: Vec<Choice>) -> anyhow::Result<()> {
        let recorded = std::mem::take(&mut self.recorded);
        self.go(choices)?;
        self.recorded = recorded;
        Ok(())
    }

    /// To where these steps lead.
    fn go(&mut self, choices: Vec<Choice>) -> anyhow::Result<()> {
        self.refused = None;
        self.scene = self.stage.after(&Schedule::new(choices))?;
        let taken = self.taken();
        if !self.recorded.starts_with(taken) {
            self.recorded = taken.to_vec();
        }
        Ok(())
    }

    fn taken(&self) -> &[Choice] {
        self.scene.taken().choices()
    }

    /// The threads whose steps follow by themselves, in order.
    fn following(&self) -> impl Iterator<Item = usize> {
        let rows = self.scene.played.trace.steps.iter().skip(self.scene.played.standing.rows);
        rows.filter(|step| step.effect != Effect::Clock).map(|step| step.thread)
    }

    fn ways(&self, thread: usize) -> Vec<Choice> {
        let standing = self.scene.played.standing.threads.get(thread);
        let steps = standing.into_iter().flat_map(|standing| &standing.choices);
        steps.flat_map(Schedule::choices).copied().collect()
    }

    fn usual_way(&self, thread: usize) -> Option<Choice> {
        let ways = self.ways(thread);
        ways.iter().copied().find(|choice| choice.way == Way::Usual).or(ways.first().copied())
    }

    fn refuse(&mut self, thread: usize) {
        let why = match self.scene.played.standing.threads.get(thread).map(|standing| standing.status) {
            None => "was not started yet",
            Some(ThreadStatus::Ended) => "has ended",
            Some(ThreadStatus::Panicked) => "has panicked",
            Some(ThreadStatus::Blocked) => "waits and cannot go on",
            Some(ThreadStatus::New | ThreadStatus::Ready) => "lets others go first",
        };
        self.refused = Some(format!("{} {why}", self.name(thread)));
    }

    fn name(&self, thread: usize) -> String {
        threadcraft_timeline::schedule::letter(thread)
    }
}

#[cfg(test)]
#[path = "game_tests.rs"]
mod tests;

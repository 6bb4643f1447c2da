//! What a program printed: the beginning and the end of it, in bounded memory.

use std::collections::VecDeque;

/// How much of the beginning is kept, and of the end.
const KEPT: usize = 16 << 10;

/// The first and the last bytes of a stream, and how many there were.
#[derive(Debug, Clone, Default)]
pub(crate) struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    total: u64,
}

impl Capture {
    /// Adds what came next.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let room = (KEPT - self.head.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.head.extend_from_slice(first);
        // Of a long piece only the end can stay; of what is there, as much goes as does not fit.
        let rest = &rest[rest.len().saturating_sub(KEPT)..];
        let excess = (self.tail.len() + rest.len()).saturating_sub(KEPT);
        self.tail.drain(..excess);
        self.tail.extend(rest);
    }

    /// How many bytes there were.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// The beginning, how many bytes are missing after it, and the end.
    pub(crate) fn into_parts(self) -> (Vec<u8>, u64, Vec<u8>) {
        let kept = (self.head.len() + self.tail.len()) as u64;
        (self.head, self.total - kept, self.tail.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_output_is_kept_whole() {
        let mut capture = Capture::default();
        capture.add(b"one ");
        capture.add(b"two");
        assert_eq!(capture.into_parts(), (b"one two".to_vec(), 0, Vec::new()));
    }

    #[test]
    fn of_long_output_the_beginning_and_the_end_are_kept_whatever_the_pieces() {
        let bytes: Vec<u8> = (0..100_000u32).map(|index| (index % 251) as u8).collect();
        for piece in [1, 7, 4096, KEPT, 100_000] {
            let mut capture = Capture::default();
            bytes.chunks(piece).for_each(|chunk| capture.add(chunk));
            let (head, missing, tail) = capture.into_parts();
            assert_eq!(head, bytes[..KEPT], "pieces of {piece}");
            assert_eq!(tail, bytes[bytes.len() - KEPT..], "pieces of {piece}");
            assert_eq!(missing, 100_000 - 2 * KEPT as u64, "pieces of {piece}");
        }
    }
}

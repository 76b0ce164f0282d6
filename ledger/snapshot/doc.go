// Package snapshot writes values as they lie in memory and reads them back, unexported fields and all, so that a ledger
// need not be folded from its first event at every start.
//
// What it writes is a cache, never a record: only the program that wrote it can read it, and it is safe to throw away.
// There is no versioning. What a [Codec] writes begins with a fingerprint of the whole type, with names, kinds and
// offsets, and a codec of any other type refuses it.
//
// What it keeps:
//
//   - What is read is equal to what was written by [reflect.DeepEqual]; a nil slice or map stays nil, an empty one empty.
//   - Pointers and maps that were shared are shared again, and cycles of them close again. A slice is read as a slice of
//     its own, without spare capacity: two slices of one array become two arrays.
//   - What could not be read back as it was is refused when it is written, with the path of the field, and where the type
//     shows it, when the codec is made: functions, channels, locks, times that are not UTC, interfaces with a value of a
//     type that was not listed, pointers into the middle of something else.
//   - Whatever bytes are read, the reader does not panic, and allocates no more than a multiple of their length that the
//     type fixes.
package snapshot

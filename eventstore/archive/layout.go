package archive

import "fmt"

const (
	readmeFile      = "README.txt"
	manifestFile    = "manifest.json"
	checkpointFile  = "checkpoint.txt"
	checkpointsFile = "checkpoints.txt"
	keysFile        = "keys.txt"
	sumsFile        = "SHA256SUMS"
	lockFile        = "lock"

	segmentFolder   = "segments"
	signatureFolder = "signatures"

	// unfinished ends the name of a file that has not yet taken its place. Patterns such as *.zst pass it over.
	unfinished = ".new"
)

const (
	// maxRaw is the most bytes that a segment's bodies, or its signatures, take before compression. It holds the largest
	// commit that there is and bounds what a reader takes in memory, whatever a file says of itself.
	maxRaw = 1 << 20

	// maxPacked is the most that compression makes of them: zstd adds a few bytes to what cannot be compressed.
	maxPacked = maxRaw + 64<<10

	// maxSmall bounds each of the other files. A manifest of this size stands for some 200 GB of commits.
	maxSmall = 64 << 20

	// maxNumber is the last number that twelve digits hold.
	maxNumber = 1e12 - 1
)

func segmentName(first int64) string { return fmt.Sprintf("%s/%012d.jsonl.zst", segmentFolder, first) }

func signatureName(first int64) string {
	return fmt.Sprintf("%s/%012d.txt.zst", signatureFolder, first)
}

package archive

import (
	_ "embed"
	"strings"
)

//go:embed readme.txt
var readmeText string

// readme returns README.txt for the archive of a ledger. Every command in it is run by a test.
func readme(ledger string) []byte {
	return []byte(strings.ReplaceAll(readmeText, "@LEDGER@", ledger))
}

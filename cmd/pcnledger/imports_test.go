package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ours says which of our folders each folder may import. It is the architecture: an import that breaks it is wrong,
// never the table.
var ours = map[string][]string{
	"domain":             {},
	"eventstore":         {"eventstore"},
	"eventstore/proof":   {},
	"eventstore/archive": {},
	"eventstore/witness": {"eventstore/proof"},
	"projections":        {"domain"},
	"reports":            {"domain", "projections"},
	"intake":             {"domain"},
	"ledger":             {"domain", "eventstore", "projections", "ledger"},
	"ledger/snapshot":    {},
	"bench":              {"domain", "eventstore", "projections", "ledger"},
	"cmd/pcnledger":      {"cmd", "domain", "eventstore", "projections", "reports", "intake", "ledger", "bench"},
}

// others says which foreign modules the pure folders may import. Folders that are not listed may import any.
var others = map[string][]string{
	"domain": {"github.com/shopspring/decimal", "github.com/google/uuid"},
}

// impure are packages of the standard library that domain may not import: it has no clock, no input and no output.
var impure = []string{"context", "io", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "net", "net/http", "os"}

func TestFoldersImportOnlyWhatTheArchitectureAllows(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range goFiles(t) {
		folder := folderOf(file)
		allowed, known := ours[folder]
		if !known {
			t.Errorf("%s: folder %s is not in the architecture", file, folder)
			continue
		}
		seen[folder] = true
		for _, path := range imports(t, file) {
			if msg := forbidden(folder, path, allowed); msg != "" {
				t.Errorf("%s imports %q: %s", file, path, msg)
			}
		}
	}
	for folder := range ours {
		if !seen[folder] {
			t.Errorf("folder %s is in the architecture and has no Go file", folder)
		}
	}
}

// forbidden says why a folder may not import a package, or nothing.
func forbidden(folder, path string, allowed []string) string {
	if mine, ok := strings.CutPrefix(path, "pcnledger/"); ok {
		if !slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(mine+"/", a+"/") }) {
			return "of ours, " + folder + " may import only: " + strings.Join(allowed, ", ")
		}
		return ""
	}
	limited, isLimited := others[folder]
	if !isLimited {
		return ""
	}
	if slices.Contains(impure, path) {
		return folder + " is pure"
	}
	if strings.Contains(strings.SplitN(path, "/", 2)[0], ".") && !slices.Contains(limited, path) {
		return "of others, " + folder + " may import only: " + strings.Join(limited, ", ")
	}
	return ""
}

func TestTheImportRulesForbid(t *testing.T) {
	for _, c := range []struct{ folder, path string }{
		{"domain", "pcnledger/eventstore"}, {"domain", "os"}, {"domain", "github.com/nats-io/nats.go"},
		{"eventstore", "pcnledger/domain"}, {"eventstore/witness", "pcnledger/eventstore"}, {"eventstore/proof", "pcnledger/eventstore/archive"}, {"reports", "pcnledger/ledger"}, {"intake", "pcnledger/projections"},
	} {
		if forbidden(c.folder, c.path, ours[c.folder]) == "" {
			t.Errorf("%s may import %s", c.folder, c.path)
		}
	}
}

// longest is how many lines a function may have before it must be taken apart, but for pure dispatch.
const longest = 100

func TestNoFunctionIsTooLongToRead(t *testing.T) {
	for _, file := range goFiles(t) {
		for name, lines := range functionLengths(t, file) {
			if lines > longest {
				t.Errorf("%s: %s has %d lines; take it apart", file, name, lines)
			}
		}
	}
}

// goFiles lists the project's Go files that are no tests.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 30 {
		t.Fatalf("only %d Go files found: the walk is wrong", len(files))
	}
	return files
}

// folderOf returns the folder of the architecture that holds a file.
func folderOf(file string) string {
	folder := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(file, filepath.Join("..", "..")+string(filepath.Separator))))
	if folder == "cmd/pcnledger/oxfordshire" {
		return "cmd/pcnledger"
	}
	return folder
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

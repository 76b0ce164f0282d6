package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the programme: under the name pcnledger it runs main. Under the name crowd it is many
// callers of one ledger at once, for TestWhatWasAnsweredBeforeAKillIsRecordedOnceAndForEver; under acted, officers who act.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pcnledger": main, "crowd": crowd, "acted": acted})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			actor, err := login()
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("LOGIN", actor)
			if err != nil {
				return err
			}
			england, err := filepath.Abs(filepath.Join("..", "..", "examples", "england"))
			env.Setenv("ENGLAND", england)
			if err != nil {
				return err
			}
			return os.CopyFS(env.WorkDir, os.DirFS(filepath.Join("testdata", "acts"))) // what scripts have in common
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

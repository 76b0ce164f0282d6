package ledger

import (
	"path/filepath"
	"testing"

	"pcnledger/eventstore"
)

func TestTheViewsCanBeRebuiltFromAnArchiveAlone(t *testing.T) {
	l := playStory(t)
	dir := filepath.Join(t.TempDir(), "archive")
	if _, err := l.Log().Backup(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	copied, err := eventstore.OpenCopy(dir)
	if err != nil {
		t.Fatal(err)
	}
	views, root, err := RebuildFrom(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	again, rootAgain, err := l.Rebuild(t.Context())
	if err != nil || again.Digest() != views.Digest() || rootAgain != root {
		t.Errorf("from the log: root %s, %v", rootAgain, err)
	}
	if views.Digest() != l.Views().Digest() || root != l.Log().Root().String() {
		t.Errorf("the views differ, or the root, %s and %s", root, l.Log().Root())
	}
}

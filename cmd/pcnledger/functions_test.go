package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// functionLengths returns the lines of each function of a file. A function that only dispatches, a single switch, is
// left out: taking it apart would hide the table it is.
func functionLengths(t *testing.T, file string) map[string]int {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	lengths := map[string]int{}
	for _, decl := range parsed.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Body == nil || onlyDispatches(f.Body) {
			continue
		}
		lengths[f.Name.Name] = set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
	}
	return lengths
}

func onlyDispatches(body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}
	switch body.List[0].(type) {
	case *ast.SwitchStmt, *ast.TypeSwitchStmt:
		return len(body.List) <= 2
	}
	return false
}

package judge

import (
	"errors"
	"testing"
)

// Whatever a criteria file holds: no panic, a list of problems with the file's
// name, and what is taken needs nothing else to be applied.
func FuzzParseCriteria(f *testing.F) {
	for _, seed := range []string{
		"entries:\n- {check: study.images, tags: '@a and not (@b or @c)', subject: DR, limit: 5, reason: r}\n",
		"- {scenario: 'storage.feature:1', accept_flaky: true, reason: r}\n- {tags: '@a', tolerate: true, reason: r}",
		"entries:\n- {check: a, limit: [x, y], reason: r}\n", "entries: [*a]", "{}", "- {tags: '@a and', tolerate: true, reason: r}",
		"- {tags: '@a) or (@b', tolerate: true, reason: r}", "? a\n: b\n", "&a [*a]", "<<: {a: b}",
	} {
		f.Add([]byte(seed))
	}
	p := newPlan()
	f.Fuzz(func(t *testing.T, in []byte) {
		c, err := ParseCriteria("c.yaml", in)
		if err != nil {
			var list *CriteriaError
			if !errors.As(err, &list) || len(list.Problems) == 0 {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		for i := range c.Entries {
			e := &c.Entries[i]
			if e.Reason == "" || len(e.problems()) > 0 {
				t.Fatalf("taken although %q", e.problems())
			}
			for k := range p.Cells {
				e.selects(&p.Cells[k], &p.Cells[k].Scenarios[0])
			}
		}
		_ = c.Validate(p)
	})
}

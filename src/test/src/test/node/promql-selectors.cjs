// Reads a JSON array of PromQL expressions from standard input; writes for each what it selects, by Prometheus' own grammar:
// [{name, labels}], labels being those that it is matched by and those that aggregations around it keep.
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const { parser } = createRequire(`${process.env.WEFT_NPM}/`)('@prometheus-io/lezer-promql');

function selectors(expression) {
  const text = (node) => expression.slice(node.from, node.to);
  const found = [];
  parser.parse(expression).iterate({
    enter({ node, type }) {
      if (type.isError) {
        throw new Error(`not PromQL at ${node.from}: ${expression}`);
      }
      if (node.name === 'VectorSelector') {
        const identifier = node.getChild('Identifier');
        if (!identifier) {
          throw new Error(`selects without a name: ${expression}`);
        }
        found.push({ name: text(identifier), labels: [...matched(node), ...kept(node)] });
      }
    },
  });
  return found;

  function matched(selector) {
    const matchers = selector.getChild('LabelMatchers');
    return matchers ? labels(matchers, 'UnquotedLabelMatcher') : [];
  }

  function labels(parent, kind) {
    return parent.getChildren(kind).map((matcher) => text(matcher.getChild('LabelName')));
  }

  function kept(selector) {
    const names = [];
    for (let node = selector.parent; node; node = node.parent) {
      const grouping = node.name === 'AggregateExpr' && node.getChild('AggregateModifier')?.getChild('GroupingLabels');
      if (grouping) {
        names.push(...grouping.getChildren('LabelName').map(text));
      }
    }
    return names;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(selectors)));

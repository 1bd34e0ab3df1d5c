package dev.weft.grammar.schema;

import dev.weft.grammar.rule.ValueRule;

/**
 * A case of a schema: the parts that are evaluated if the value follows a rule, besides the
 * schema's own rule.
 */
record EvaluatedCase(ValueRule rule, EvaluatedParts seen) {}

package dev.weft.grammar.schema;

import dev.weft.grammar.rule.ValueRule;

/**
 * What is evaluated if the value follows a rule, besides that of the schema that it is a case of.
 */
record EvaluatedCase(ValueRule rule, EvaluatedParts seen) {}

package dev.weft.inference.server.constraint;

import dev.weft.grammar.limit.GrammarOptions;

/**
 * The form that a request asks its answers to have.
 *
 * @param field path of the request's field that asks for it
 * @param subject the beginning of a message that refuses it, such as {@code Invalid schema for
 *     response_format 'x'}
 */
public record AnswerRule(
        AnswerForm form,
        GrammarOptions.Whitespace whitespace,
        GrammarOptions.KeyOrder keyOrder,
        GrammarOptions.Numbers numbers,
        String field,
        String subject) {}

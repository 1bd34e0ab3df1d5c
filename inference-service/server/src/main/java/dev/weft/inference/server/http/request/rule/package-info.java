/**
 * Reads the form that requests ask their answers to have, as OpenAI, vLLM and XGrammar write it.
 */
@NullMarked
package dev.weft.inference.server.http.request.rule;

import org.jspecify.annotations.NullMarked;

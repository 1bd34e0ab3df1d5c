/** Reads what requests ask their answers to be, in the words of OpenAI, vLLM and XGrammar. */
@NullMarked
package dev.weft.inference.server.http.request.rule;

import org.jspecify.annotations.NullMarked;

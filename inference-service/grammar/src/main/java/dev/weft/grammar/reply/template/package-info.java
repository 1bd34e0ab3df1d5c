/** What the response templates of tokenizer_config.json say of replies, as formats. */
@NullMarked
package dev.weft.grammar.reply.template;

import org.jspecify.annotations.NullMarked;

/**
 * The Jinja that chat templates are written in: lexer, parser, syntax tree, scopes and evaluator,
 * made to give what jinja2 3.1.6 gives when it is set up as transformers sets it up (trim_blocks,
 * lstrip_blocks, loop controls, generation blocks, sandbox with immutable containers, no
 * autoescape). A compiled template is immutable and rendered by any thread; each rendering keeps to
 * one.
 */
@NullMarked
package dev.weft.chat.jinja;

import org.jspecify.annotations.NullMarked;

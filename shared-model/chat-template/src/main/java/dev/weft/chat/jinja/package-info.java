/**
 * The Jinja of chat templates. It gives the same results as jinja2 3.1.6 with transformers' options
 * (trim_blocks, lstrip_blocks, loop controls, generation blocks, sandbox with immutable containers,
 * no autoescape). {@code parser} reads a template into the tree of {@code syntax}, {@code analysis}
 * works out its scopes, {@code rendering} runs it. A compiled template is immutable and any thread
 * may render it; each rendering stays on one thread.
 */
@NullMarked
package dev.weft.chat.jinja;

import org.jspecify.annotations.NullMarked;

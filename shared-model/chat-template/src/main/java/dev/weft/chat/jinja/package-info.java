/**
 * The Jinja that chat templates are written in, made to give what jinja2 3.1.6 gives when it is set
 * up as transformers sets it up (trim_blocks, lstrip_blocks, loop controls, generation blocks,
 * sandbox with immutable containers, no autoescape). {@code parser} reads a template into the tree
 * of {@code syntax}, {@code analysis} works out its scopes, {@code rendering} runs it. A compiled
 * template is immutable and rendered by any thread; each rendering keeps to one.
 */
@NullMarked
package dev.weft.chat.jinja;

import org.jspecify.annotations.NullMarked;

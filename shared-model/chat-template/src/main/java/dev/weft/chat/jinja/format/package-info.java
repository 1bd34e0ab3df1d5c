/**
 * Python's two ways to format: {@code format % values} and the specifications of {@code format()}.
 * They keep no state.
 */
@NullMarked
package dev.weft.chat.jinja.format;

import org.jspecify.annotations.NullMarked;

/** {@code chat}: one streamed answer of a gateway, or a conversation. Blocking. */
@NullMarked
package dev.weft.standalone.chat;

import org.jspecify.annotations.NullMarked;

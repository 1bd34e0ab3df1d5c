/** {@code chat}: one streamed answer of a gateway, or a conversation. Calls block. */
@NullMarked
package dev.weft.standalone.chat;

import org.jspecify.annotations.NullMarked;

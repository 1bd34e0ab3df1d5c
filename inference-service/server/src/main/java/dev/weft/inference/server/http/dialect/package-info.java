/**
 * Other interfaces to the same chats: bodies of {@code /v1/messages} and {@code /v1/responses} as
 * fields of {@code /v1/chat/completions}, so that one reader checks all of them. Errors name the
 * fields that the client wrote.
 */
@NullMarked
package dev.weft.inference.server.http.dialect;

import org.jspecify.annotations.NullMarked;

package dev.weft.gateway.body;

/**
 * What tells a chat from others that the same client has: its first message of a user.
 *
 * @param hash of that message's content; whole chats that begin alike have the same
 * @param answered an assistant's message follows it, so that this is not the chat's first request
 */
public record ChatOpening(long hash, boolean answered) {}

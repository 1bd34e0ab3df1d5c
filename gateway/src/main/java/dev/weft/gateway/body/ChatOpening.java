package dev.weft.gateway.body;

/**
 * The first user message of a chat, which tells the chat from others of the same client.
 *
 * @param hash of the message's content; chats that begin alike have the same
 * @param answered an assistant's message follows it, so that this is not the chat's first request
 */
public record ChatOpening(long hash, boolean answered) {}

package dev.weft.gateway.routing.name;

/**
 * A chat whose client names neither a session nor a user.
 *
 * @param hash of its first message, and of its sender and model
 * @param goesOn it was answered before
 */
public record Chat(long hash, boolean goesOn) {}

package dev.weft.model.chat.jinja;

/** How statements ended. */
enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
}

package dev.weft.chat.jinja;

/** How statements ended. */
enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
}

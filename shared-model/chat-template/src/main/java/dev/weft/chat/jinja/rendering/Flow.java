package dev.weft.chat.jinja.rendering;

/** How statements ended. */
enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
}

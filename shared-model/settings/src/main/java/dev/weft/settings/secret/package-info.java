/**
 * Secrets by name, and the places that each may be sent to. The operator binds them to places; a
 * registration can't name one, so nobody can have another team's secret sent anywhere. Texts are
 * read when they are needed and appear in no message.
 */
@NullMarked
package dev.weft.settings.secret;

import org.jspecify.annotations.NullMarked;

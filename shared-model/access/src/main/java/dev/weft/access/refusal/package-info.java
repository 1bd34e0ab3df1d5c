/** Why a request is refused, and how its client is told, in the words of each service's API. */
@NullMarked
package dev.weft.access.refusal;

import org.jspecify.annotations.NullMarked;

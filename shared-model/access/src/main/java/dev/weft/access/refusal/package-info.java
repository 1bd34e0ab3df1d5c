/** Why a request does not go on, and how its client is told, in the words of each service's API. */
@NullMarked
package dev.weft.access.refusal;

import org.jspecify.annotations.NullMarked;

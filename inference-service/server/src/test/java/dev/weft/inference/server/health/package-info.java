@NullMarked
package dev.weft.inference.server.health;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.weft.gateway.simulation;

import org.jspecify.annotations.NullMarked;

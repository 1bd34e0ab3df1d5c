/**
 * What a sender may do. Spring Security's chain finds out whose a request is and then asks the rule
 * of its handler or path. The package runs on Reactor's threads and waits for nothing.
 */
@NullMarked
package dev.weft.access.rule;

import org.jspecify.annotations.NullMarked;

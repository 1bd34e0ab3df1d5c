/** Agents that call tools by the official clients, and the sample's adapter that knows how. */
@NullMarked
package dev.weft.system.agent;

import org.jspecify.annotations.NullMarked;

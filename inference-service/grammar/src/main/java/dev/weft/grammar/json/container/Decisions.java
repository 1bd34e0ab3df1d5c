package dev.weft.grammar.json.container;

import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.Conditions;
import dev.weft.grammar.rule.ContainerRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces rules of a container that are decided: the members that are there, and those that may
 * still come, leave no choice. A rule counts together with the rules that hold beside it, and those
 * that hold around a choice.
 */
final class Decisions {
    private final Conditions conditions;
    private final Feasibility feasibility;

    Decisions(Conditions conditions, Feasibility feasibility) {
        this.conditions = conditions;
        this.feasibility = feasibility;
    }

    /** A condition without rules that are decided; it holds for the same containers. */
    Condition settled(Condition c, Level.Content content) {
        return settled(c, new MembersToCome(feasibility, content, List.of()), false);
    }

    /**
     * @param within whether it stands in NOT or ONE, where a rule that can't fail decides as much
     *     as one that can't hold
     */
    private Condition settled(Condition c, MembersToCome coming, boolean within) {
        feasibility.spend(1);
        return switch (c.op) {
            case TRUE, FALSE, GOAL, OUTER -> c;
            case RULE ->
                    !coming.with(rules(c)).suffice()
                            ? conditions.no()
                            : within && c.rule != null && !coming.canFail(c.rule)
                                    ? conditions.yes()
                                    : c;
            case NOT -> {
                Condition part = settled(c.parts[0], coming, true);
                yield part.equals(c.parts[0]) ? c : conditions.not(part);
            }
            case AND -> together(c, coming, within);
            case OR -> {
                List<Condition> parts = settledAll(c, coming, within);
                yield parts.equals(List.of(c.parts)) ? c : conditions.or(parts);
            }
            case ONE -> {
                List<Condition> parts = settledAll(c, coming, true);
                yield parts.equals(List.of(c.parts)) ? c : conditions.one(parts);
            }
        };
    }

    private Condition together(Condition c, MembersToCome around, boolean within) {
        List<ContainerRule> rules = rules(c);
        MembersToCome coming = rules.isEmpty() ? around : around.with(rules);
        if (!rules.isEmpty() && !coming.suffice()) {
            return conditions.no();
        }
        List<Condition> parts = new ArrayList<>(c.parts.length);
        for (Condition part : c.parts) {
            if (part.rule == null) {
                parts.add(settled(part, coming, within));
            } else if (!within || around.canFail(part.rule)) {
                parts.add(part);
            }
        }
        return parts.equals(List.of(c.parts)) ? c : conditions.and(parts);
    }

    private List<Condition> settledAll(Condition c, MembersToCome coming, boolean within) {
        List<Condition> parts = new ArrayList<>(c.parts.length);
        for (Condition part : c.parts) {
            parts.add(settled(part, coming, within));
        }
        return parts;
    }

    /** The rules that hold if a condition of op RULE or AND does. */
    private static List<ContainerRule> rules(Condition c) {
        if (c.rule != null) {
            return List.of(c.rule);
        }
        List<ContainerRule> rules = new ArrayList<>();
        for (Condition part : c.parts) {
            if (part.rule != null) {
                rules.add(part.rule);
            }
        }
        return rules;
    }
}

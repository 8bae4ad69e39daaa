package io.llmspell.testing.event;

/**
 * What every {@link io.llmspell.core.event.EventBus} must do; a test class of a bus implements it with one method,
 * {@code newBus}.
 *
 * <p><b>Threads:</b> tests run one at a time for one instance.
 */
public interface EventBusContract
        extends PublishContract,
                HookContract,
                FailureContract,
                OverflowContract,
                FlowContract,
                HandlingContract,
                LifeContract,
                SubscriptionContract,
                StreamContract,
                InboxContract,
                StagingContract,
                ClosingContract,
                LoadContract {}

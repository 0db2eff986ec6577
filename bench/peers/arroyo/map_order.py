"""The bulk entries of a placed order: Placed Order with the profile, and one Ordered Product per line."""

PROFILE_AMOUNTS = {
    "gross": "Marketplace Gross",
    "refunded": "Marketplace Refunded",
    "net": "Marketplace Net",
    "averageOrder": "Marketplace Average Order",
    "lastOrderAmount": "Marketplace Last Order Value",
}
PROFILE_VALUES = {
    "orders": "Marketplace Orders",
    "firstOrderAt": "Marketplace First Order At",
    "lastOrderAt": "Marketplace Last Order At",
    "skus": "Marketplace SKUs",
    "productTitles": "Marketplace Products",
    "refundedSkus": "Marketplace Refunded SKUs",
    "channels": "Marketplace Channels",
    "countries": "Marketplace Countries",
    "lastChannel": "Marketplace Last Channel",
    "reviewRequestAllowed": "Marketplace Review Request Allowed",
    "amountsComplete": "Marketplace Amounts Complete",
    "contactClass": "Marketplace Contact Class",
    "version": "Marketplace Profile Version",
}


def entries_of(order):
    inner = order["order"]
    lines = inner["lines"]
    properties = {
        **identification(order),
        "OrderState": inner["state"],
        "ItemNames": distinct(line["title"] for line in lines),
        "SKUs": distinct(line["sku"] for line in lines),
        "Categories": distinct(line["category"] for line in lines),
        "ItemCount": sum(line["quantity"] for line in lines),
        "Items": [item(line) for line in lines],
        "OriginalAmount": amount(order["amount"]),
        "OriginalCurrency": order["amount"]["currency"],
        "$extra": {
            "EventId": order["eventId"],
            "OrderKey": order["orderKey"],
            "ContactSource": order["contact"]["source"],
            "Order": {
                "PlacedAt": inner["placedAt"],
                "OriginalAmount": amount(inner["amount"]),
                "OriginalCurrency": inner["amount"]["currency"],
            },
        },
    }
    yield entry("Placed Order", order["eventId"], order, order["amountReporting"], properties, profile(order))
    email = {"email": order["contact"]["email"]}
    for line in lines:
        properties = {**identification(order), **item(line)}
        yield entry("Ordered Product", line["eventId"], order, line["amountReporting"], properties, email)


def entry(metric, unique_id, order, value, properties, profile):
    event = {
        "properties": properties,
        "time": order["occurredAt"],
        "value": amount(value),
        "value_currency": value["currency"],
        "unique_id": unique_id,
        "backfill": True,
        "metric": {"data": {"type": "metric", "attributes": {"name": metric}}},
    }
    return {
        "type": "event-bulk-create",
        "attributes": {
            "profile": {"data": {"type": "profile", "attributes": profile}},
            "events": {"data": [{"type": "event", "attributes": event}]},
        },
    }


def identification(order):
    return {
        "OrderId": order["orderId"],
        "Marketplace": "Maison",
        "MarketplaceId": order["marketplaceId"],
        "Channel": order["channel"],
        "Country": order["country"],
    }


def item(line):
    return {
        "LineId": line["lineId"],
        "Quantity": line["quantity"],
        "ProductID": line["sku"],
        "SKU": line["sku"],
        "OperatorSKU": line["productSku"],
        "ProductName": line["title"],
        "ImageURL": line["imageUrl"],
        "Categories": [line["category"]],
        "ItemPrice": amount(line["unitPrice"]),
        "RowTotal": amount(line["amount"]),
        "Currency": line["amount"]["currency"],
    }


def profile(order):
    source = order["profile"]
    return {
        "email": order["contact"]["email"],
        "first_name": source["firstName"],
        "last_name": source["lastName"],
        "locale": source["locale"],
        "location": {"city": source["city"], "country": source["country"], "zip": source["postalCode"]},
        "properties": {
            **{name: amount(source[field]) for field, name in PROFILE_AMOUNTS.items()},
            **{name: source[field] for field, name in PROFILE_VALUES.items()},
            "Marketplace Currency": source["gross"]["currency"],
        },
    }


def amount(money):
    return None if money is None else float(money["amount"])


def distinct(values):
    return list(dict.fromkeys(values))
